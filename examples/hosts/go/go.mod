module example.org/duecare-host

go 1.19
