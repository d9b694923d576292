package inlinecrypt;

/** The error numbers of Linux that this project gives, and {@link #OK} for none. */
public enum Errno {
  OK,
  ENOENT,
  EIO,
  ENOMEM,
  EBUSY,
  EEXIST,
  EXDEV,
  ENOTDIR,
  EISDIR,
  EINVAL,
  EFBIG,
  ENOSPC,
  ENAMETOOLONG,
  ENOTEMPTY,
  ENODATA,
  /** What is on the device is damaged, or not ours. */
  EUCLEAN,
  EOPNOTSUPP,
  ETIMEDOUT,
  /** The master key is not there, or was removed. */
  ENOKEY,
  /** No engine has the cipher. */
  ENOPKG
}
