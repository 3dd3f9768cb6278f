"""The business objects that events speak of. So far: cases, which make us hold our tongue."""
