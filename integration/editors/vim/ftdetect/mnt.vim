" Layouts of mount namespaces.
autocmd BufRead,BufNewFile *.mnt setfiletype mnt
