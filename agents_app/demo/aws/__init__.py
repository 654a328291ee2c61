"""AWS as the demo needs it: moto's server with an Aurora cluster in it, and what moto lacks in front."""
