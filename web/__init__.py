"""The website, the kiosks and the counters: server-rendered pages over the core, an entrance a folder."""
