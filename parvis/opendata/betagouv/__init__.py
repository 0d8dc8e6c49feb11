"""The public interface of beta.gouv.fr, versions 2.7 and 3: the same paths, keys, ids and oddities, from live data.

Its files were made by text templates (`api/v2.7/` and `_plugins/` of the repository betagouv/beta.gouv.fr). What they
give is followed to the letter where consumers may rely on it: missing texts are "", some texts are HTML-escaped, a
co-incubated product names its main incubator first. What they could not do, such as a quotation mark in a title, is
valid JSON here. People who ask to disappear are in no file; a hidden incubator is a bare key, where a product names it.
"""
