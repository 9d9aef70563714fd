
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='Email')),
                ('name', models.CharField(max_length=150, verbose_name='Name')),
                ('language', models.CharField(choices=[('ru', 'русский'), ('kk', 'қазақша'), ('en', 'English')], default='ru', max_length=2, verbose_name='Language')),
                ('theme', models.CharField(choices=[('system', 'as on this device'), ('light', 'light'), ('dark', 'dark')], default='system', max_length=8, verbose_name='Colours')),
                ('density', models.CharField(choices=[('auto', 'by the pointing device'), ('comfortable', 'comfortable'), ('compact', 'compact')], default='auto', max_length=16, verbose_name='Height of table rows')),
                ('time_zone', models.CharField(choices=[('Asia/Almaty', 'Astana, Almaty (UTC+5)'), ('Asia/Bishkek', 'Bishkek (UTC+6)'), ('Asia/Tashkent', 'Tashkent (UTC+5)'), ('Asia/Dushanbe', 'Dushanbe (UTC+5)'), ('Asia/Omsk', 'Omsk (UTC+6)'), ('Europe/Moscow', 'Moscow (UTC+3)'), ('Asia/Shanghai', 'Beijing, Urumqi (UTC+8)'), ('Europe/Zurich', 'Geneva (UTC+1, in summer UTC+2)'), ('UTC', 'Universal time (UTC)')], default='Asia/Almaty', max_length=40, verbose_name='Time zone')),
                ('is_active', models.BooleanField(default=True, verbose_name='May sign in')),
                ('is_staff', models.BooleanField(default=False, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'Person',
                'verbose_name_plural': 'People',
                'ordering': ['name', 'id'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='user_email_unique_any_case')],
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, validators=[django.core.validators.RegexValidator('^(?!new\\Z)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\\Z')], verbose_name='Code')),
                ('kind', models.CharField(choices=[('authority', 'public authority'), ('operator', 'operator (company)'), ('international', 'international organisation'), ('ngo', 'non-governmental organisation'), ('academia', 'science and education'), ('other', 'other')], max_length=16, verbose_name='Kind')),
                ('name_ru', models.CharField(max_length=300, verbose_name='Full name in Russian')),
                ('name_kk', models.CharField(blank=True, default='', max_length=300, verbose_name='Full name in Kazakh')),
                ('name_en', models.CharField(blank=True, default='', max_length=300, verbose_name='Full name in English')),
                ('short_ru', models.CharField(blank=True, default='', max_length=60, verbose_name='Short name in Russian')),
                ('short_kk', models.CharField(blank=True, default='', max_length=60, verbose_name='Short name in Kazakh')),
                ('short_en', models.CharField(blank=True, default='', max_length=60, verbose_name='Short name in English')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='First day')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='Last day')),
                ('has_provisional_dates', models.BooleanField(default=False, verbose_name='Dates are provisional')),
                ('note', models.CharField(blank=True, default='', max_length=300, verbose_name='Note')),
                ('successor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='predecessors', to='accounts.organisation', verbose_name='Successor')),
            ],
            options={
                'verbose_name': 'Organisation',
                'verbose_name_plural': 'Organisations',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('secretary', 'secretary of the Working Group'), ('editor', 'ministry editor'), ('inspector', 'inspector'), ('operator', 'operator'), ('expert', 'expert'), ('observer', 'observer')], max_length=16, verbose_name='Role')),
                ('valid_from', models.DateField(verbose_name='First day')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='Last day')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL, verbose_name='Person')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='accounts.organisation', verbose_name='Organisation')),
            ],
            options={
                'verbose_name': 'Role',
                'verbose_name_plural': 'Roles',
                'ordering': ['-valid_from', 'id'],
            },
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.UniqueConstraint(fields=('code',), name='organisation_code_unique'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('valid_from__isnull', True), ('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='organisation_dates_in_order'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('successor', models.F('id')), _negated=True), name='organisation_not_its_own_successor'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='membership_dates_in_order'),
        ),
    ]
