"""Where nodes stand when a program places them, and how wires get from one to the other without running through a card.

A layered layout (Sugiyama, Tagawa and Toda 1981): `ranks` gives each node its row, `layers` chooses
among such rows, `network` cuts wires at the rows,
`order` sorts the rows so that few wires cross, `places` says where nodes are across. `routes` leads wires round cards,
wherever these stand: `ground` is where cards are, `ways` the ways there are, `crossing` what they cross.
"""

from nndesigner.layout.arranging import arranged, cards_of, placed
from nndesigner.layout.card import Card
from nndesigner.layout.following import members

__all__ = ["Card", "arranged", "cards_of", "members", "placed"]
