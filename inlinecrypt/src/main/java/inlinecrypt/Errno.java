package inlinecrypt;

/** The error numbers of Linux that this project gives, and {@link #OK} for none. */
public enum Errno {
  OK,
  ENOENT,
  EIO,
  EAGAIN,
  ENOMEM,
  EBUSY,
  EEXIST,
  EXDEV,
  /** An address of the caller's is not in its memory. */
  EFAULT,
  ENODEV,
  ENOTDIR,
  EISDIR,
  EINVAL,
  EFBIG,
  ENOSPC,
  ENAMETOOLONG,
  ENOTEMPTY,
  EBADE,
  ENODATA,
  ETIME,
  ENOLINK,
  /** Of an ioctl: the caller's buffer is too small. */
  EOVERFLOW,
  EILSEQ,
  /** What is on the device is damaged, or not ours. */
  EUCLEAN,
  EOPNOTSUPP,
  ETOOMANYREFS,
  ETIMEDOUT,
  /** A blob that the hardware did not make, or made under another key. */
  EBADMSG,
  /** There is no such ioctl. */
  ENOTTY,
  EREMOTEIO,
  /** The master key is not there, or was removed. */
  ENOKEY,
  /** No engine has the cipher. */
  ENOPKG
}
