"""A fictional network: nobody in it exists, every address is on a domain reserved for examples (RFC 2606).

Days are counted from today, so that there is always something that begins soon and something that ends soon.
"""
