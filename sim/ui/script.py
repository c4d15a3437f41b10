"""What the server runs for each visitor: `passerby app` names this file."""

from sim.ui.main import main

main()
