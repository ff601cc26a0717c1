! apply.f90 - the same from another language: reads the plan that is named on the command line, and
! applies it. Everything that is passed is a plain C type, so any language that can call C will do.
!
!   gfortran apply.f90 -o apply $(pkg-config --libs mountrun)
program apply
  use, intrinsic :: iso_c_binding
  use, intrinsic :: iso_fortran_env, only: error_unit
  implicit none

  type, bind(c) :: mountrun_options  ! struct mountrun_options of mountrun.h
    type(c_ptr) :: at = c_null_ptr, root = c_null_ptr, in = c_null_ptr
    type(c_ptr) :: command = c_null_ptr, environment = c_null_ptr
    integer(c_int) :: dry_run = 0, trace = 0, remove = 0, replace = 0, force = 0, allow_gap = 0
    type(c_funptr) :: write = c_null_funptr
    type(c_ptr) :: context = c_null_ptr
  end type

  interface
    integer(c_int) function mountrun_apply(plan, length, options, workspace, room) bind(c)
      import :: c_int, c_ptr, c_size_t, mountrun_options
      type(c_ptr), value :: plan, workspace
      integer(c_size_t), value :: length, room
      type(mountrun_options), intent(in) :: options
    end function
  end interface

  type(mountrun_options) :: options
  integer(c_int64_t), allocatable, target :: plan(:)  ! aligned to 8 bytes
  integer(c_int64_t), target :: workspace(2 * 1024 * 1024 / 8)
  character(len=4096) :: path
  integer :: unit, bytes
  integer(c_int) :: status

  call get_command_argument(1, path)
  open (newunit=unit, file=trim(path), access='stream', form='unformatted', status='old')
  inquire (unit=unit, size=bytes)
  allocate (plan(bytes / 8))
  read (unit) plan
  close (unit)
  options%write = c_funloc(report)
  status = mountrun_apply(c_loc(plan), int(bytes, c_size_t), options, c_loc(workspace), &
                          int(2 * 1024 * 1024, c_size_t))
  call exit(status)

contains

  subroutine report(context, text, length) bind(c)
    type(c_ptr), value :: context, text
    integer(c_size_t), value :: length
    character(kind=c_char), pointer :: bytes_of(:)
    call c_f_pointer(text, bytes_of, [length])
    write (error_unit, '(*(a))', advance='no') bytes_of
  end subroutine
end program
