"""The page: `streamlit run app.py`, or `passerby app`."""

from sim.ui.main import main

main()
