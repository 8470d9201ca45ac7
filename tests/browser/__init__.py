"""The main job in a real browser, on both deployments."""
