"""The page: Streamlit and nothing that decides a number."""
