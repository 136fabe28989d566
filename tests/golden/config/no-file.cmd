config check nothing.conf
