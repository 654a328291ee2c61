"""The file format of a bundle: a ZIP of one strict layout with a manifest; needs neither database nor settings."""
