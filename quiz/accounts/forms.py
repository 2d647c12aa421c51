"""The shape of what people type about themselves, and of what admins type about others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, Field, HiddenField, RadioField, SelectField, StringField, TelField
from wtforms import TextAreaField as TextArea
from wtforms.validators import Length, ValidationError
from wtforms.widgets import PasswordInput

from quiz.access import Role
from quiz.accounts import consent, contacts, passwords, places, queries
from quiz.accounts.models import Account, Audience, OrgUnit
from quiz.accounts.places import Place
from quiz.accounts.words import AUDIENCE_NAMES, ROLE_NAMES
from quiz.db import db
from quiz.errors import Refusal
from quiz.forms import DayField, Form, required


class SecretField(Field):
    """A password: kept exactly as typed, never sent back to the page."""

    widget = PasswordInput()
    data: str

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[0] if valuelist else ""

    def _value(self) -> str:
        return ""


def _checked(check: Callable[[str], object]) -> Callable[[Any, Any], None]:
    """A validator that turns a refusal of `check` into the error of the field; an empty field is left to others."""

    def validate(_form: Any, field: Any) -> None:
        if field.data:
            try:
                check(field.data)
            except Refusal as refusal:
                raise ValidationError(refusal.sentence) from refusal

    return validate


class SignInForm(Form):
    # ids of their own: the form also stands beside the registration form
    name = StringField(
        _l("Số điện thoại, email hoặc tên đăng nhập"), [required(_l("Hãy điền tên đăng nhập."))], id="sign-in-name"
    )
    password = SecretField(_l("Mật khẩu"), [required(_l("Hãy điền mật khẩu."))], id="sign-in-password")
    next = HiddenField(id="sign-in-next")


class IdentityForm(Form):
    """What a person says of themselves; staff name their unit, all others their commune."""

    may_lack_contact = False  # an account with a user name can do without

    full_name = StringField(_l("Họ và tên"), [required(_l("Hãy viết họ và tên.")), Length(max=200)])
    birth_date = DayField(_l("Ngày sinh"), [required(_l("Hãy điền đủ ngày, tháng, năm sinh."))])
    phone = TelField(_l("Số điện thoại"), [_checked(contacts.normal_phone)])
    email = EmailField(_l("Email"), [_checked(contacts.normal_email)])
    audience = RadioField(_l("Bạn dự thi với tư cách nào?"), [required(_l("Hãy chọn một mục."))])
    org_unit = SelectField(_l("Đơn vị công tác"), coerce=str, default="")  # only staff need send it
    province = SelectField(_l("Tỉnh, thành phố nơi ở"), coerce=int, default=places.HOME_PROVINCE)
    ward = StringField(_l("Xã, phường nơi ở"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.audience.choices = list(AUDIENCE_NAMES.items())
        self.province.choices = list(places.provinces().items())
        self.org_unit.choices = unit_choices(_l("Chọn đơn vị"))
        self.place: Place | None = None

    @property
    def is_staff(self) -> bool:
        return self.audience.data == Audience.STAFF

    def validate_phone(self, field: Any) -> None:
        if not field.data and not self.email.data and not self.may_lack_contact:
            raise ValidationError(_l("Hãy điền số điện thoại; nếu không có thì điền email ở mục dưới."))

    def validate_org_unit(self, field: Any) -> None:
        if self.is_staff and not field.data:
            raise ValidationError(
                _l("Hãy chọn đơn vị công tác. Nếu không thấy đơn vị của mình, hãy liên hệ Ban Tổ chức.")
            )

    def validate_ward(self, field: Any) -> None:
        if self.is_staff or not self.audience.data:
            return
        if not field.data:
            raise ValidationError(_l("Hãy điền xã, phường hoặc đặc khu nơi ở."))
        try:
            self.place = places.find_ward(self.province.data or 0, field.data)
        except Refusal as refusal:
            raise ValidationError(refusal.sentence) from refusal

    def wards(self) -> list[str]:
        """Names for the list that completes the ward field: those of the province that is chosen on the page."""
        return list(places.wards(self.province.data or places.HOME_PROVINCE).values())

    def identity(self) -> dict[str, Any]:
        """The arguments that service.create_account and service.correct_account share."""
        unit = db.session.get(OrgUnit, int(self.org_unit.data)) if self.is_staff else None
        return {
            "full_name": self.full_name.data,
            "birth_date": self.birth_date.data,
            "phone": self.phone.data or None,
            "email": self.email.data or None,
            "audience": Audience(self.audience.data),
            "org_unit": unit,
            "place": None if self.is_staff else self.place,
        }


def unit_choices(first: Any) -> list[tuple[str, Any]]:
    """The tree of units as options; blanks show the depth, since options cannot be indented."""
    indent = "\N{NO-BREAK SPACE}" * 4
    return [("", first), *((str(n.unit.id), indent * n.depth + n.unit.name) for n in queries.unit_tree())]


class RegisterForm(IdentityForm):
    password = SecretField(_l("Mật khẩu"), [required(_l("Hãy chọn một mật khẩu."))])
    consent = BooleanField(_l("Đồng ý"), [required(_l("Cần bạn đồng ý để lập tài khoản."))])
    consent_version = HiddenField()
    next = HiddenField()

    def validate_password(self, field: Any) -> None:
        try:
            passwords.check_strength(field.data, self.full_name.data, self.phone.data, self.email.data)
        except Refusal as refusal:
            raise ValidationError(refusal.sentence) from refusal

    def validate_consent(self, _field: Any) -> None:
        if self.consent_version.data != consent.CURRENT:
            raise ValidationError(_l("Nội dung đồng ý vừa được cập nhật. Hãy đọc lại rồi đồng ý."))


class CorrectForm(IdentityForm):
    def __init__(self, account: Account, *args: Any, **kwargs: Any) -> None:
        place = places.place(account.province_code or 0, account.ward_code or 0)
        super().__init__(
            *args,
            data={
                "full_name": account.full_name,
                "birth_date": account.birth_date,
                "phone": account.phone,
                "email": account.email,
                "audience": account.audience,
                "org_unit": str(account.org_unit_id or ""),
                "province": place.province_code if place else places.HOME_PROVINCE,
                "ward": place.ward if place else "",
            },
            **kwargs,
        )
        self.may_lack_contact = account.username is not None


class ChangePasswordForm(Form):
    old = SecretField(_l("Mật khẩu hiện tại"), [required(_l("Hãy điền mật khẩu hiện tại."))])
    new = SecretField(_l("Mật khẩu mới"), [required(_l("Hãy chọn một mật khẩu mới."))])


class GrantForm(Form):
    role = SelectField(_l("Vai trò"), [required(_l("Hãy chọn một vai trò."))])
    why = StringField(_l("Lý do"), [Length(max=300)], id="grant-why")

    def __init__(self, account: Account, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = [
            ("", _l("Chọn vai trò")),
            *((str(role), name) for role, name in ROLE_NAMES.items() if role not in account.roles),
        ]

    @property
    def chosen(self) -> Role:
        return Role(self.role.data)


class ReasonForm(Form):
    why = TextArea(
        _l("Lý do"), [required(_l("Hãy ghi lý do; lý do được lưu vào nhật ký.")), Length(max=300)], id="disable-why"
    )
