help apply
