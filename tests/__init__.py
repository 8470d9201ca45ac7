"""The whole test suite: unit, integration, contract, browser, faults, architecture."""
