"""What changes applications, keys, grants and consents."""
