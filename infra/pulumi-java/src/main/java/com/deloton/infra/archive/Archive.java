package com.deloton.infra.archive;

import com.deloton.infra.base.Component;
import com.deloton.infra.base.StackContext;
import com.deloton.infra.base.StoredSecret;
import com.deloton.infra.database.Database;
import com.deloton.infra.iam.Statement;
import com.deloton.infra.settings.Settings;
import com.pulumi.aws.ecr.Repository;
import com.pulumi.core.Output;
import java.util.List;

/**
 * The archive of closed days: its bucket, its image and the login of the job that fills it. The migration makes the role
 * behind the login, {@code database/roles.sql} sets its password.
 */
public final class Archive extends Component {
    public final Settings.Archive settings;

    /** {@code archive.warehouse} of the gateway and the job. */
    public final Output<String> warehouse;

    public final StoredSecret login;
    public final Repository repository;

    private final Output<String> bucketArn;

    public Archive(StackContext context, Settings.Archive settings, Repository repository) {
        super("Archive", "archive", context);
        this.settings = settings;
        this.repository = repository;
        ArchiveBucket bucket = new ArchiveBucket(this);
        this.bucketArn = bucket.arn;
        this.warehouse = Output.format("s3://%s/%s", bucket.name, context.stack());
        this.login = StoredSecret.login(this, "database-archive", Database.ARCHIVE);
        done();
    }

    /** What the job may do with the bucket, below its prefix, and with the key that encrypts it. */
    public List<Statement> rights() {
        String prefix = context().stack() + "/*";
        return List.of(
                Statement.allow("s3:DeleteObject", "s3:GetObject", "s3:PutObject")
                        .on(bucketArn.applyValue(arn -> arn + "/" + prefix)),
                Statement.allow("s3:ListBucket").on(bucketArn).when("StringLike", "s3:prefix", prefix),
                Statement.allow("kms:Decrypt", "kms:GenerateDataKey")
                        .on(context().keyArn())
                        .when(
                                "StringEquals",
                                "kms:ViaService",
                                "s3." + context().region() + ".amazonaws.com"));
    }
}
