" Layouts of mount namespaces. The lists of words are written by test/docs/editors.py.
if exists('b:current_syntax')
  finish
endif

" A word is all but white space and `" ; { } ( ) [ ] ,`: /srv/file holds no keyword.
syntax iskeyword 33,35-39,42,43,45-58,60-90,92,94-122,124,126,128-255

" words: statements
syntax keyword mntStatement dir file filesystem for group include let mask mount namespace node param pin symlink
" words: clauses
syntax keyword mntClause at bind clone copy in of on owner peers rbind rclone to
" words: attributes
syntax keyword mntAttribute beneath follow idmap inherit mkdir optional over private propagate shared slave touch unbindable
" words: flags
syntax keyword mntFlag dev diratime exec noatime nodev nodiratime noexec nosuid nosymfollow relatime ro rw strictatime suid symfollow
" end

syntax match mntVariable /\${[A-Za-z_][A-Za-z0-9_-]*}/ containedin=ALLBUT,mntComment
syntax match mntEscape /\\\%([\\"nt$]\|x\x\x\)/ contained
syntax region mntString start=/"/ skip=/\\./ end=/"/ oneline contains=mntVariable,mntEscape
syntax match mntComment /\%(^\|[ \t;{}()\[\],"]\)\@1<=#.*/

highlight default link mntStatement Statement
highlight default link mntClause Keyword
highlight default link mntAttribute Type
highlight default link mntFlag Type
highlight default link mntVariable Identifier
highlight default link mntEscape SpecialChar
highlight default link mntString String
highlight default link mntComment Comment

let b:current_syntax = 'mnt'
