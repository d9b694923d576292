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
  EOVERFLOW,
  EILSEQ,
  /** What is on the device is damaged, or not ours. */
  EUCLEAN,
  EOPNOTSUPP,
  ETOOMANYREFS,
  ETIMEDOUT,
  EREMOTEIO,
  /** The master key is not there, or was removed. */
  ENOKEY,
  /** No engine has the cipher. */
  ENOPKG
}
