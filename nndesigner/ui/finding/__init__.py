"""Finding one's way in a network: the map, the search, bookmarks, and the way one came."""
