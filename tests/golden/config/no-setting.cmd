config check no-setting.conf
