"""Sentences of problems of an installation: who signs in, mails, stores, machines. They join ``schemas.sentences``."""

INSTALLATION_SENTENCES: tuple[str, ...] = (
    # who signs in
    "The identity provider does not say who signed in.",
    "The identity provider shows keys that cannot be read.",
    "The identity provider at COUNTERFOIL_OIDC_ISSUER says that it is %(issuer)s. Set it to exactly that, if that is "
    "who you mean.",
    "The identity provider names no %(name)s that is reached by https.",
    "The identity provider does not confirm this sign-in. Sign in again.",
    "What the identity provider says of this sign-in does not hold. Sign in again.",
    "This account signs in by an identity provider already.",
    "Another account signs in by this identity already.",
    "There is an account of the name %(name)s already.",
    "This passkey is known already. Nothing was added.",
    "The passkey of the proof is not the one that is known. Do not rely on this approval.",
    "The passkey of the proof is somebody else's. Do not rely on this approval.",
    "The passkey counts more uses than are known. Do not rely on this approval.",
    "The proof of the approval cannot be read. Do not rely on it.",
    "The browser made no passkey for this desk. Nothing was done.",
    "The browser sent no signature of a passkey. Nothing was done.",
    "The signature of the passkey does not hold. Nothing was done.",
    "%(says)s (%(why)s). Nothing was done.",
    "The signature of the passkey does not hold",
    "The identity provider at COUNTERFOIL_OIDC_ISSUER says that it is nobody. Set it to exactly that, if that is who "
    "you mean.",
    # what is looked up by its id
    "There is no run %(prefix)s. Look its id up with: %(command)s.",
    "There is no plan %(prefix)s. Look its id up with: %(command)s.",
    "More than one run begins with %(prefix)s. Write more of its id, then run again.",
    "More than one plan begins with %(prefix)s. Write more of its id, then run again.",
    "Run %(run)s has no plan: it ended before one. Run its file again.",
    "Run %(run)s has no manifest: it ended before its report. See counterfoil show %(again)s.",
    "Loyalty failures were entered by another run meanwhile. They are looked at again.",
    # mails
    "%(server)s is not ready (%(status)s).",
    "%(server)s refused the login: authentication failed (%(status)s). Correct COUNTERFOIL_SMTP_USER and "
    "COUNTERFOIL_SMTP_PASSWORD, then run again.",
    "The mail server takes no mails from this sender (%(status)s). Correct COUNTERFOIL_MAIL_SENDER or "
    "COUNTERFOIL_SMTP_USER, then run again.",
    "The mail server %(server)s",
    "%(server)s shows a certificate that nobody vouches for. See COUNTERFOIL_SMTP_CA_FILE.",
    "%(server)s does not speak TLS so. Correct COUNTERFOIL_SMTP_SECURITY or _PORT.",
    "%(server)s offers no STARTTLS or no login. Correct COUNTERFOIL_SMTP_SECURITY or _PORT.",
    "COUNTERFOIL_NOTIFY_BLOCKS: Prefect has no block %(name)s. Make it under Blocks, or correct the setting.",
    "The notification block %(name)s did not take the message.",
    "COUNTERFOIL_NOTIFY_ADDRESSES needs COUNTERFOIL_MAIL_SENDER. Set it, then run again.",
    "COUNTERFOIL_SMTP_HOST and COUNTERFOIL_MAIL_SENDER are not set, so nobody is mailed.",
    "There is no address any more.",
    "COUNTERFOIL_MAIL_SENDER or COUNTERFOIL_MAIL_REPLY_TO is no address. Write it like My Shop <hello@example.com>, "
    "then run again.",
    # where files are stored
    "COUNTERFOIL_S3_ENDPOINT_URL is not a URL; write it like https://s3.example.com.",
    "The S3 store at %(place)s copies whatever version is there. Send the content.",
    "%(file)s is not what was stored: its SHA-256 differs. Do not rely on it; bring back the backup of the S3 store.",
    "The S3 store at %(place)s overwrites objects that must be written once (PUT with If-None-Match). Switch "
    "versioning of the bucket %(bucket)s off, or use another store.",
    "%(file)s is being written by another run.",
    "%(file)s is written already, with other content. Nothing was changed; report it as a defect.",
    "The S3 store at %(place)s does not accept our keys. Correct COUNTERFOIL_S3_ACCESS_KEY_ID, "
    "COUNTERFOIL_S3_SECRET_ACCESS_KEY and COUNTERFOIL_S3_REGION, and see that they may use the bucket.",
    "The S3 store at %(place)s did not answer.",
    "The S3 store at %(place)s has no bucket %(bucket)s. Correct COUNTERFOIL_S3_BUCKET, or make it: %(command)s",
    "There is no file %(file)s in the bucket %(bucket)s. Put it there and run again.",
    "The S3 store at %(place)s refused %(what)s of %(file)s: %(code)s.",
    # the machines that a run works on
    "%(target)s holds no records. Choose a run that changed some: counterfoil runs.",
    "Dask workers died each time they were given the same part of this run. See that they have memory enough, or set "
    "COUNTERFOIL_PARTITION_ROWS lower.",
    "The Dask workers of this run did not start. See that the machine has memory enough for them, or set "
    "COUNTERFOIL_DASK_WORKERS lower.",
    "The Dask scheduler at %(place)s",
    "%(where)s does not answer. See that it runs and COUNTERFOIL_DASK_SCHEDULER is right.",
    "The Dask scheduler",
    "the Dask scheduler at %(place)s",
    "COUNTERFOIL_DASK_SCHEDULER or COUNTERFOIL_DASK_WORKERS is set, but Dask is not installed. Install "
    "counterfoil[dask], or leave them empty.",
    "No worker is connected to %(where)s. Start one, then run again.",
    "A Dask worker has another ledger, target or store than this run, or another version of Counterfoil. Install the "
    "same version on all machines, and give all of them the same COUNTERFOIL_LEDGER_URL, COUNTERFOIL_TARGET_URL, "
    "COUNTERFOIL_S3_ENDPOINT_URL and COUNTERFOIL_S3_BUCKET, start the workers anew and run again. Nothing was done by "
    "that worker.",
    "A fault in Counterfoil: %(error)s in %(file)s (line %(line)s). The details could not be stored.",
    "A fault in Counterfoil: %(error)s in %(file)s (line %(line)s). Nothing more was done; send %(incident)s to "
    "whoever looks after Counterfoil.",
    "The ledger of the process that was to write batch %(number)s does not know run %(run)s. Give all workers the "
    "COUNTERFOIL_LEDGER_URL of the run, then run again. Nothing of that batch was written.",
    "Run %(run)s has ended meanwhile. Nothing of batch %(number)s was written; run the file again.",
    "Batch %(number)s of plan %(plan)s was written before, when COUNTERFOIL_BATCH_ROWS was another. Nothing of it was "
    "written now; start a new run instead of this one.",
    "No systems are open here: open them with infra.systems.open_systems.",
    "The target astro is not Astro.",
)
