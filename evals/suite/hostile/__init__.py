"""Public collections of prompt injections, told to the service and planted in its data. Their texts stay outside."""
