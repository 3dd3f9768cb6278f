"""What comes back from people and providers: changes of consent first of all."""
