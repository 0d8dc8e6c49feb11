"""What records may name: the identifiers that exist, in this copy of the source or from an earlier import."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from parvis.directory.importers.betagouv.values import Reader, alike
from parvis.directory.importers.files import Document
from parvis.directory.importers.findings import Kind
from parvis.lib.text import fold


@dataclass
class References:
    """Identifiers by collection, products' old names, and organisations by what they are called."""

    organisations: set[str]
    incubators: set[str]
    products: set[str]
    stopped: dict[str, date] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    called: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def learn_products(self, documents: Iterable[Document]) -> None:
        """Note old addresses of products, and ids that differ by case and punctuation only."""
        alike_ids: dict[str, set[str]] = defaultdict(set)
        for key in self.products:
            alike_ids[alike(key)].add(key)
        self.renamed = {form: keys.copy().pop() for form, keys in alike_ids.items() if len(keys) == 1}
        for document in documents:
            old = document.fields.get("redirect_from")
            for path in old if isinstance(old, list) else [old]:
                if isinstance(path, str) and (name := path.rstrip("/").rpartition("/")[2]):
                    self.renamed[name] = document.key

    def learn_organisation(self, key: str, *names: str) -> None:
        """Note what an organisation is called."""
        for name in names:
            if folded := fold(name):
                self.called[folded].add(key)

    def product(self, reader: Reader, named: str, field: str) -> str | None:
        """Return the product's id, found under its old name or another spelling when need be."""
        if named in self.products:
            return named
        found = self.renamed.get(named) or self.renamed.get(alike(named))
        if found is None:
            reader.note(Kind.UNKNOWN_PRODUCT, field, was=named)
        else:
            reader.note(Kind.PRODUCT_RENAMED, field, was=named, done=found)
        return found

    def employer(self, reader: Reader, named: str, field: str) -> str | None:
        """Return the organisation whose acronym or name is exactly this text, case and accents aside; else None."""
        keys = self.called.get(fold(named), set())
        if len(keys) > 1:
            reader.note(Kind.EMPLOYER_AMBIGUOUS, field, was=named, done=", ".join(sorted(keys)))
        return next(iter(keys)) if len(keys) == 1 else None
