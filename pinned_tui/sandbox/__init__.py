"""A local Pinned Events API over real HTTP on loopback, with situations to diagnose.

It responds as the vendor documents its API, so that the demo, the tests and an integrator's own
code can meet every failure of the troubleshooting guide without a real account.
"""
