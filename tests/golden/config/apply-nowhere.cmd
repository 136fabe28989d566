apply --config /nowhere
