"""Does a campaign do what it is for? People are parted by a hash, and what follows is compared."""
