"""Two projects side by side on the canvas: what differs is marked by colour and sign, and listed beside."""
