"""What do the people who work here see? One module a screen, with its pages in `html/`.

`navigation` lists the screens and who may open them; `shell` is what surrounds each of them.
A screen gathers by functions of the rooms and shows; after a change it sends its visitor to a page.
"""
