"""Reading other directories into this one: files to documents, documents to what is wanted, and what is wanted to rows.

`files`, `front_matter` and `tidy` read any folder of Markdown files and repair its text; a package for each source
(`betagouv`) knows its vocabulary; `plan` compares what is wanted with what is there and `writer` writes the difference.
"""
