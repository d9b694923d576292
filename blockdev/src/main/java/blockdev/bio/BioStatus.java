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
  /** The bio asked not to wait, and would have to. */
  AGAIN,
  /** The medium could not store the data or give it back. */
  MEDIUM,
  /** The device refused the target range. */
  TARGET,
  NOSPC,
  PROTECTION,
  TIMEOUT,
  /** The way to the device is broken. */
  TRANSPORT,
  /** The device is gone. */
  OFFLINE,
  /** The host lacks memory or the like. */
  RESOURCE,
  /** The device lacks something that it needs. */
  DEV_RESOURCE,
  RESV_CONFLICT,
  ZONE_OPEN_RESOURCE,
  ZONE_ACTIVE_RESOURCE,
  DURATION_LIMIT;

  /** The status for a driver's error number ({@code errno_to_blk_status}). */
  public static BioStatus of(Errno errno) {
    return switch (errno) {
      case OK -> OK;
      case EOPNOTSUPP -> NOTSUPP;
      case ETIMEDOUT -> TIMEOUT;
      case ENOSPC -> NOSPC;
      case ENOLINK -> TRANSPORT;
      case EREMOTEIO -> TARGET;
      case EBADE -> RESV_CONFLICT;
      case ENODATA -> MEDIUM;
      case EILSEQ -> PROTECTION;
      case ENOMEM -> RESOURCE;
      case EBUSY -> DEV_RESOURCE;
      case EAGAIN -> AGAIN;
      case ENODEV -> OFFLINE;
      case ETOOMANYREFS -> ZONE_OPEN_RESOURCE;
      case EOVERFLOW -> ZONE_ACTIVE_RESOURCE;
      case ETIME -> DURATION_LIMIT;
      case EINVAL -> INVAL;
      default -> IOERR;
    };
  }
}
