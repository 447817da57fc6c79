"""The storefront's widget: one script for the page, and what it loads when it is opened."""
