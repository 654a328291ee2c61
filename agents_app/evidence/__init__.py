"""Evidence bundles: what is stored about an object, as a file that proves to be unchanged."""
