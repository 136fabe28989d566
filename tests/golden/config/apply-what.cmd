apply --static
