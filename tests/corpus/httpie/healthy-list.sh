$ https pinned.events/api/public/v1/channels page==1 limit==100 Authorization:"Bearer $KEY"
