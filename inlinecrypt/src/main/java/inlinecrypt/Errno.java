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
  /** An address of the caller's is not in its memory. */
  EFAULT,
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
  /** A blob that the hardware did not make, or made under another key. */
  EBADMSG,
  /** The caller's buffer is too small. */
  EOVERFLOW,
  /** There is no such ioctl. */
  ENOTTY,
  /** The master key is not there, or was removed. */
  ENOKEY,
  /** No engine has the cipher. */
  ENOPKG
}
