" Layouts: four blanks, comments, formatting with `gggqG`, checking with `:make`.
if exists('b:did_ftplugin')
  finish
endif
let b:did_ftplugin = 1

setlocal expandtab shiftwidth=4 softtabstop=4 textwidth=0
setlocal comments=:# commentstring=#\ %s
setlocal formatprg=mountc\ fmt\ -
setlocal makeprg=mountc\ check\ %:S
setlocal errorformat=%f:%l:%c:\ %trror:\ %m,%f:%l:%c:\ %tarning:\ %m,%f:%l:%c:\ %tote:\ %m,%-G%.%#
let b:undo_ftplugin = 'setlocal et< sw< sts< tw< com< cms< fp< mp< efm<'
