"""The pages of accounts: signing in, confirming, and looking after one's account."""
