apply --rulse x eth0
