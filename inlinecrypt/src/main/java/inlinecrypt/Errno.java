package inlinecrypt;

/** The error numbers of Linux that keys, slots and policies can cause, and {@link #OK} for none. */
public enum Errno {
  OK,
  EIO,
  ENOMEM,
  EACCES,
  EBUSY,
  EEXIST,
  EINVAL,
  ENODATA,
  EOPNOTSUPP,
  ETIMEDOUT,
  /** The master key is not there, or was removed. */
  ENOKEY,
  /** No engine has the cipher. */
  ENOPKG
}
