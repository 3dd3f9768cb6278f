"""Where else the calls are shown: a webhook of one's own, Zendesk, HubSpot; and what comes back."""
