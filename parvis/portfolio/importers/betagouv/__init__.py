"""The beta.gouv.fr repository's portfolio: documents to what is wanted, and what is wanted to rows.

The directory's importer reads and repairs the files and brings people, organisations and teams; then it calls `follow`
here. What it already said of a file is not said twice: fields that it reads too are read again with a silent reader.
"""
