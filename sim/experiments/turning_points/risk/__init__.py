"""The risk of one run as it went: how likely war was each evening, given all that had happened until then."""
