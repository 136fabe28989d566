fmt nowhere.save
