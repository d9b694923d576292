package blockdev.bio;

import inlinecrypt.Errno;

/** How a bio ended, named as Linux names it ({@code blk_status_t}). */
public enum BioStatus {
  OK,
  /** Any error without a name of its own. */
  IOERR,
  /** The memory of the bio is not aligned as its data units need it. */
  INVAL,
  /** The device cannot do this. */
  NOTSUPP,
  /** The medium could not store the data or give it back. */
  MEDIUM,
  /** The device refused the target range. */
  TARGET,
  NOSPC,
  PROTECTION,
  TIMEOUT,
  RESOURCE,
  DEV_RESOURCE;

  /** The status for a driver's error number ({@code errno_to_blk_status}). */
  public static BioStatus of(Errno errno) {
    return switch (errno) {
      case OK -> OK;
      case EINVAL -> INVAL;
      case EOPNOTSUPP -> NOTSUPP;
      case ENOMEM -> RESOURCE;
      case EBUSY -> DEV_RESOURCE;
      case ETIMEDOUT -> TIMEOUT;
      case ENODATA -> MEDIUM;
      default -> IOERR;
    };
  }
}
