"""What the agent can do: tools for the model, the shop's policy, and the order system behind one port."""
