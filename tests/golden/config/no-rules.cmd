config check edge.conf
